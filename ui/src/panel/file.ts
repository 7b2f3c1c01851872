// Files that were sent: pictures are shown small, everything else by its name; both are fetched as whoever is asking.

import type { SentFile } from "../wire/types.ts";
import { Problem } from "../wire/problem.ts";
import { el, icon } from "./elements.ts";
import type { Surroundings } from "./surroundings.ts";

const PAGE = "M6 3h8l4 4v14H6zM14 3v4h4M12 11v6M9.500 14.500L12 17l2.500-2.500";
/** A picture larger than this is not fetched before somebody wants it. */
const SMALL = 6 << 20;
const LATER = 60_000;
const UNITS = ["byte", "kilobyte", "megabyte"];

/** “12 kB”. */
export function bytes(size: number, tag: string): string {
  const step = size < 1_000 ? 0 : size < 1_000_000 ? 1 : 2;
  const form = new Intl.NumberFormat(tag, { style: "unit", unit: UNITS[step] as string, unitDisplay: step ? "short" : "long", maximumFractionDigits: step === 2 ? 1 : 0 });
  return form.format(size / 1_000 ** step);
}

/** The files of a message. Before it is on the server they are only named. */
export function files(list: SentFile[], sent: boolean, speaker: string, around: Surroundings): HTMLElement {
  const one = (file: SentFile): HTMLElement => {
    if (!sent) return el("span", { class: "chip" }, inside(file, around));
    const small = file.shown && file.type.startsWith("image/") && file.size <= SMALL;
    return small ? picture(file, around) : saver(file, around);
  };
  return el("ul", { class: "files", "aria-label": speaker }, list.map((file) => el("li", {}, [one(file)])));
}

function inside({ name, size }: SentFile, { strings }: Surroundings): (Node | string)[] {
  return [icon(PAGE), el("bdi", {}, [name]), " ", el("span", { class: "size" }, [bytes(size, strings.tag)])];
}

/** Opens beside the page; a page that forbids such pictures gets the name instead. */
function picture(file: SentFile, around: Surroundings): HTMLElement {
  const { name, width, height } = file;
  const image = el("img", { alt: name, width: width ? String(width) : undefined, height: height ? String(height) : undefined });
  // It is a picture, and opened by a press: nothing in it reaches back.
  const open = (): void => void (image.src && window.open(image.src, "_blank"));
  const button = el("button", { type: "button", class: "picture", title: around.strings.open(name) }, [image], { click: open });
  const give = (): void => button.replaceWith(saver(file, around));
  image.addEventListener("error", give);
  around.conversation.file(file.file).then((blob) => {
    image.src = URL.createObjectURL(blob);
  }, give);
  return button;
}

function saver(file: SentFile, around: Surroundings): HTMLElement {
  const { name } = file;
  const save = async (): Promise<void> => {
    try {
      const href = URL.createObjectURL(await around.conversation.file(file.file));
      el("a", { href, download: name }).click();
      setTimeout(() => URL.revokeObjectURL(href), LATER);
    } catch (error) {
      around.complain(Problem.from(error));
    }
  };
  return el("button", { type: "button", class: "chip", title: around.strings.save(name) }, inside(file, around), { click: () => void save() });
}
