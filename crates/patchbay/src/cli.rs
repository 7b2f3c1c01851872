//! The command line.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// A customer-support agent wired into your company's systems.
#[derive(Debug, Parser)]
#[command(name = "patchbay", version, arg_required_else_help = true, max_term_width = 110)]
pub(crate) struct Arguments {
    /// Say more on stderr; twice for everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Try it: a shop, its six simulated systems and the widget, in a fresh temporary folder.
    #[cfg(feature = "demo")]
    Demo(Demo),
    /// Begin: five questions, and a configuration that is right.
    Init(Init),
    /// The company's systems.
    #[command(subcommand)]
    Backend(Backend),
    /// Answer customers.
    Serve(Serve),
    /// Read the configuration and say everything that is wrong with it. Offline.
    Check(Check),
    /// Ask as a customer would, from the command line.
    Ask(Ask),
    /// Play the conversation tests: offline, against the answers they state.
    Test(Test),
    /// The company's tools.
    #[command(subcommand)]
    Tool(Tool),
    /// The company's written knowledge.
    #[command(subcommand)]
    Knowledge(Knowledge),
    /// How a message is understood; or how well, measured on messages whose intents are known.
    Understand(Understand),
    /// Show every step of a conversation: understanding, decisions, calls, parts.
    Trace(Trace),
    /// Why a conversation went to people, decided again from what was stored.
    Why(Why),
    /// The company's own people: who may sign in at the desk.
    #[command(subcommand)]
    User(User),
    /// Build all views anew from the log.
    Rebuild(OnData),
    /// Print the figures: what became of the conversations of a range of days.
    Figures(Figures),
    /// Look through what was said, newest first.
    Search(Search),
    /// Write conversations as JSON Lines to stdout.
    Export(OnData),
    /// Print the JSON Schema of the configuration language, for editors.
    Schema,
    /// Print shell completions.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Which configuration.
#[derive(Debug, Clone, Args)]
pub(crate) struct Configured {
    /// The configuration: a file, or a folder with a `patchbay.yaml`.
    #[arg(short, long, value_name = "PATH", default_value = "patchbay.yaml", env = "PATCHBAY_CONFIG")]
    pub(crate) config: PathBuf,
    /// The data folder, instead of the configured one.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
}

#[cfg(feature = "demo")]
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Keep the data here instead of in a fresh temporary folder.
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Where to listen.
    #[arg(long, default_value = "localhost:8787", value_name = "HOST:PORT")]
    pub(crate) listen: String,
    /// Do not open a browser.
    #[arg(long)]
    pub(crate) no_browser: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The folder to write into.
    #[arg(default_value = ".", value_name = "FOLDER")]
    pub(crate) folder: PathBuf,
    /// The company's name as customers read it.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The language of its texts (BCP 47).
    #[arg(long, value_name = "TAG")]
    pub(crate) language: Option<String>,
    /// Its time zone (IANA).
    #[arg(long, value_name = "ZONE")]
    pub(crate) zone: Option<String>,
    /// Origins of the pages that will show the widget, with spaces between.
    #[arg(long, value_name = "ORIGINS")]
    pub(crate) origin: Option<String>,
    /// Do your pages sign a token for their signed-in customers?
    #[arg(long, value_name = "YES")]
    pub(crate) sign_in: Option<bool>,
    /// Ask nothing: what is not said takes its default.
    #[arg(long)]
    pub(crate) no_input: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Backend {
    /// Wire in a system from its OpenAPI document: proposes tools, tries them, writes the files.
    Add(BackendAdd),
    /// List the systems with their operations and tools.
    List {
        #[command(flatten)]
        configured: Configured,
        /// Machine-readable output: one system a line.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct BackendAdd {
    /// Its OpenAPI document: an address, or a file.
    pub(crate) document: String,
    #[command(flatten)]
    pub(crate) configured: Configured,
    /// Its name in the configuration.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Where it is, instead of what the document says.
    #[arg(long, value_name = "URL")]
    pub(crate) base_url: Option<String>,
    /// A customer's id there, to try it with.
    #[arg(long = "as", value_name = "CUSTOMER")]
    pub(crate) customer: Option<String>,
    /// A real id of something of this customer's, by the name of the thing or of the argument.
    #[arg(long = "sample", value_name = "NAME=ID")]
    pub(crate) samples: Vec<String>,
    /// Only these operations, by number or id, instead of all that are proposed.
    #[arg(long = "tool", value_name = "OPERATION")]
    pub(crate) tools: Vec<String>,
    /// Write without trying: nothing is asked of the system, what to keep is taken from the document alone.
    #[arg(long)]
    pub(crate) untried: bool,
    /// Ask nothing: what is not said takes its default.
    #[arg(long)]
    pub(crate) no_input: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) configured: Configured,
    /// Where to listen, instead of the configured address.
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) listen: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) configured: Configured,
    /// Show where every value under this key came from.
    #[arg(long, value_name = "KEY")]
    pub(crate) explain: Option<String>,
    /// Machine-readable output.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Ask {
    /// What the customer says.
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) configured: Configured,
    /// The customer, by the company's own id; anonymous when left out.
    #[arg(long = "as", value_name = "CUSTOMER")]
    pub(crate) customer: Option<String>,
    /// What the customer has proven.
    #[arg(long, default_value = "identified", value_name = "LEVEL")]
    pub(crate) level: String,
    /// Go on with this conversation.
    #[arg(long, value_name = "ID")]
    pub(crate) conversation: Option<String>,
    /// Print the reply object.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print every step of the answer as well.
    #[arg(long)]
    pub(crate) trace: bool,
    /// Ask the demo's company, started for this one question.
    #[cfg(feature = "demo")]
    #[arg(long)]
    pub(crate) demo: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Files or folders of tests, instead of the configured ones.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) configured: Configured,
    /// Only tests whose name holds this text.
    #[arg(long, value_name = "TEXT")]
    pub(crate) filter: Option<String>,
    /// First play them once against the live backends, and write what these answered into the files. Writes really happen.
    #[arg(long)]
    pub(crate) record: bool,
    /// Machine-readable output: one test a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Tool {
    /// List the tools with what they need.
    List {
        #[command(flatten)]
        configured: Configured,
        /// Machine-readable output.
        #[arg(long)]
        json: bool,
    },
    /// Call one tool as a customer, through the same gate as a conversation. Reads only, unless `--write`.
    Try {
        /// The tool.
        tool: String,
        #[command(flatten)]
        configured: Configured,
        /// The customer, by the company's own id.
        #[arg(long = "as", value_name = "CUSTOMER")]
        customer: Option<String>,
        /// What the customer has proven.
        #[arg(long, default_value = "identified", value_name = "LEVEL")]
        level: String,
        /// Arguments as NAME=VALUE.
        #[arg(value_name = "NAME=VALUE")]
        args: Vec<String>,
        /// Machine-readable output.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Knowledge {
    /// Search as the built-in mind does for a customer's question.
    Search {
        /// The question.
        text: String,
        #[command(flatten)]
        configured: Configured,
        /// What the asker has proven.
        #[arg(long, default_value = "anonymous", value_name = "LEVEL")]
        level: String,
        /// Search as of this time (RFC 3339) instead of now.
        #[arg(long, value_name = "TIME")]
        at: Option<String>,
        /// Show what each score is made of.
        #[arg(long)]
        explain: bool,
        /// Machine-readable output.
        #[arg(long)]
        json: bool,
    },
    /// List the passages with whom they are for, how long they hold, and when somebody has to look at them again.
    List {
        #[command(flatten)]
        configured: Configured,
        /// Only passages whose review is due.
        #[arg(long)]
        due: bool,
        /// Machine-readable output.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Understand {
    /// The message.
    #[arg(required_unless_present_any = ["labelled", "own"], conflicts_with_all = ["labelled", "own"])]
    pub(crate) text: Option<String>,
    #[command(flatten)]
    pub(crate) configured: Configured,
    /// Messages and their intents: CSV with the columns `text` and `intent`, or JSON Lines with these keys.
    #[arg(long, value_name = "FILE", conflicts_with = "own")]
    pub(crate) labelled: Option<PathBuf>,
    /// The configuration's own examples, each tried on an understanding that has not learned from it.
    #[arg(long)]
    pub(crate) own: bool,
    /// Fail when fewer percent than this are right.
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100), conflicts_with = "text")]
    pub(crate) at_least: Option<u8>,
    /// Machine-readable output.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Add somebody and print the link that signs them in, once.
    Add {
        /// Their name, as colleagues and customers read it.
        name: String,
        /// Their address for e-mail.
        #[arg(long, value_name = "ADDRESS")]
        email: Option<String>,
        /// What they are for: agent, lead, engineer, officer, admin.
        #[arg(long, value_name = "ROLE,…", value_delimiter = ',', default_value = "agent")]
        roles: Vec<String>,
        #[command(flatten)]
        configured: Configured,
        /// Machine-readable output.
        #[arg(long)]
        json: bool,
    },
    /// List everybody, with what they are for.
    List {
        #[command(flatten)]
        configured: Configured,
        /// Machine-readable output.
        #[arg(long)]
        json: bool,
    },
    /// Print a new link that signs somebody in, once.
    Link {
        #[command(flatten)]
        whom: Whom,
    },
    /// Give somebody these roles, and no others.
    Roles {
        #[command(flatten)]
        whom: Whom,
        /// What they are for from now on.
        #[arg(long, value_name = "ROLE,…", value_delimiter = ',', required = true)]
        roles: Vec<String>,
    },
    /// Somebody does not belong to the staff any more: they are signed out everywhere.
    Disable {
        #[command(flatten)]
        whom: Whom,
    },
    /// Bring somebody back.
    Enable {
        #[command(flatten)]
        whom: Whom,
    },
}

/// One of the staff.
#[derive(Debug, Args)]
pub(crate) struct Whom {
    /// Their address for e-mail, or their id.
    #[arg(value_name = "WHO")]
    pub(crate) who: String,
    #[command(flatten)]
    pub(crate) configured: Configured,
    /// Machine-readable output.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Why {
    /// The conversation.
    pub(crate) conversation: String,
    #[command(flatten)]
    pub(crate) configured: Configured,
    /// Machine-readable output.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Trace {
    /// The conversation.
    pub(crate) conversation: String,
    #[command(flatten)]
    pub(crate) configured: Configured,
    /// Machine-readable output: one event a line.
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the conversation as a conversation test, with what the backends answered.
    #[arg(long, conflicts_with = "json")]
    pub(crate) as_test: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Figures {
    #[command(flatten)]
    pub(crate) configured: Configured,
    /// The first day; 28 days in all unless told.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<String>,
    /// The last day; today unless told.
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<String>,
    /// Only this channel.
    #[arg(long, value_name = "NAME")]
    pub(crate) channel: Option<String>,
    /// Split the outcomes by channel, language or topic.
    #[arg(long, value_name = "WHAT")]
    pub(crate) by: Option<String>,
    /// Machine-readable output.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print what every figure means, as a page of Markdown, and nothing else.
    #[arg(long)]
    pub(crate) definitions: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Search {
    /// What is looked for: all of several words, a "phrase" in quotes; everything where nothing is said.
    #[arg(value_name = "TEXT", default_value = "")]
    pub(crate) text: String,
    #[command(flatten)]
    pub(crate) configured: Configured,
    /// The first day.
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<String>,
    /// The last day.
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<String>,
    /// Only in conversations of this channel.
    #[arg(long, value_name = "NAME")]
    pub(crate) channel: Option<String>,
    /// Only what was understood as this skill, or said in a conversation about it.
    #[arg(long, value_name = "SKILL")]
    pub(crate) topic: Option<String>,
    /// Only in conversations with this outcome.
    #[arg(long, value_name = "WORD")]
    pub(crate) outcome: Option<String>,
    /// Only in conversations that went to people for this reason.
    #[arg(long, value_name = "WORD")]
    pub(crate) reason: Option<String>,
    /// Only by customers who felt worse, from -1000 to 1000.
    #[arg(long, value_name = "FEELING", allow_negative_numbers = true, value_parser = clap::value_parser!(i64).range(-1_000..=1_000))]
    pub(crate) feeling_below: Option<i64>,
    /// Only what they said.
    #[arg(long, value_name = "WHO", value_parser = ["customer", "bot", "agent"])]
    pub(crate) who: Option<String>,
    /// At most so many.
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    pub(crate) limit: usize,
    /// Machine-readable output: one place a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct OnData {
    #[command(flatten)]
    pub(crate) configured: Configured,
}
