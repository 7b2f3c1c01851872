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
    /// Show every step of a conversation: understanding, decisions, calls, parts.
    Trace(Trace),
    /// Build all views anew from the log.
    Rebuild(OnData),
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
pub(crate) struct Trace {
    /// The conversation.
    pub(crate) conversation: String,
    #[command(flatten)]
    pub(crate) configured: Configured,
    /// Machine-readable output: one event a line.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct OnData {
    #[command(flatten)]
    pub(crate) configured: Configured,
}
