// Rows for those who come along: one is shown, a button brings the next, nine at most. A row that is left empty is
// nobody, so emptying it removes the person.
import { mark } from "./fields";

const most = 9;

export function enhance_companions(form: HTMLFormElement): void {
  const place = form.querySelector<HTMLElement>("[data-companions]");
  const button = place?.querySelector<HTMLButtonElement>("[data-add-companion]");
  if (!place || !button) return;
  const is_unused = (row: Element): boolean => [...row.querySelectorAll("input")].every((input) => !input.value);
  rows_of(place).forEach((row, number) => (row.hidden = number > 0 && is_unused(row)));
  button.hidden = false;
  button.onclick = () => {
    const number = rows_of(place).filter((row) => !row.hidden).length;
    show_row(place, number)?.querySelector("input")?.focus();
    button.hidden = number + 1 >= most;
  };
}

// Brings the row into view that a field belongs to ("companions.3.name"), if it belongs to one.
export function show_row_of(form: HTMLFormElement, path: string): void {
  const place = form.querySelector<HTMLDetailsElement>("[data-companions]");
  const number = /^companions\.(\d)/.exec(path)?.[1];
  if (!place || !number) return;
  place.open = true;
  show_row(place, Number(number));
}

// The row of this number, made when it is missing, and all before it.
function show_row(place: HTMLElement, number: number): HTMLElement | undefined {
  for (let rows = rows_of(place); rows.length && rows.length <= number; rows = rows_of(place)) add_after(rows.at(-1)!);
  rows_of(place).slice(0, number + 1).forEach((row) => (row.hidden = false));
  return rows_of(place)[number];
}

const rows_of = (place: HTMLElement): HTMLElement[] => [...place.querySelectorAll<HTMLElement>("[data-companion]")];

// A copy of the last row with the next number wherever its own stood, empty and without marks.
function add_after(last: HTMLElement): void {
  const number = Number(last.dataset["companion"]);
  const row = last.cloneNode(true) as HTMLElement;
  row.dataset["companion"] = String(number + 1);
  for (const element of row.querySelectorAll("*")) renumber(element, number);
  for (const input of row.querySelectorAll("input")) input.value = "";
  last.after(row);
  for (const box of row.querySelectorAll<HTMLElement>("[data-field]")) mark(box, undefined);
}

function renumber(element: Element, number: number): void {
  for (const { name, value } of element.attributes) {
    element.setAttribute(name, value.replace(new RegExp(`(companions[.-])${number}`, "g"), `$1${number + 1}`));
  }
  // People count from one: the heading of row 2 says 3.
  const text = element.firstChild;
  if (text instanceof Text) text.data = text.data.replace(String(number + 1), String(number + 2));
}
