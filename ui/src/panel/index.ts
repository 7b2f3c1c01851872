// The panel's script: leaves the panel and its English where the loader finds them.

import { registry } from "../contract.ts";
import { english } from "../languages/en.ts";
import { ChatPanel } from "./panel.ts";

const shared = registry();
shared.english = english;
shared.panel = (stage) => new ChatPanel(stage);
