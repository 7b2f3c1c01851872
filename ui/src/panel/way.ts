// The launcher never lies over what has the keyboard on the page (WCAG 2.4.11): it steps aside until that has moved on.

/** Watches the page's focus for a launcher; gives back what ends it. */
export function makeWay(launcher: HTMLElement, host: Element): () => void {
  const look = ({ target }: FocusEvent): void => {
    if (target instanceof Element) launcher.classList.toggle("aside", target !== host && covers(launcher, target));
  };
  document.addEventListener("focusin", look);
  return () => document.removeEventListener("focusin", look);
}

function covers(launcher: HTMLElement, target: Element): boolean {
  const theirs = target.getBoundingClientRect();
  // Whole regions may have the focus too, and reach under the launcher wherever it is.
  if (theirs.width > innerWidth / 2 && theirs.height > innerHeight / 2) return false;
  // Where it stands when it is not aside: its own box may be on the way.
  const style = getComputedStyle(launcher);
  const ours = { top: innerHeight - parseFloat(style.bottom) - launcher.offsetHeight, left: launcher.getBoundingClientRect().left };
  const { offsetHeight, offsetWidth } = launcher;
  return theirs.right > ours.left && theirs.left < ours.left + offsetWidth && theirs.bottom > ours.top && theirs.top < ours.top + offsetHeight;
}
