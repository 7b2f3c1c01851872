// Starts the desk: its styles, its live parts, and the shell around every screen.

import { mount } from "svelte";
import App from "./App.svelte";
import { startRouter } from "./router.svelte.ts";
import { startRoom } from "./state/room.svelte.ts";
import { say } from "./words/words.svelte.ts";
import "./styles/fonts.css";
import "./styles/tokens.css";
import "./styles/base.css";

document.documentElement.lang = say().tag;
document.documentElement.dir = say().dir;
startRouter();
startRoom();
mount(App, { target: document.body });
