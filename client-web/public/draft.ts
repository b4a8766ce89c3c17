// What somebody has typed, kept for this tab until it is sent, so that a reload or a lost connection costs nothing. The
// language of the mails is left out: it goes with the page, which may be changed on the way.
import { controls_of } from "./fields";

const key_of = (form: HTMLFormElement): string => `kutsu-draft:${form.dataset["event"]}`;

type Draft = [name: string, value: string][];

export function keep(form: HTMLFormElement): void {
  const draft: Draft = controls_of(form)
    .filter((control) => control.name !== "language" && control.type !== "file" && (!is_tickable(control) || control.checked))
    .map((control) => [control.name, control.value]);
  storage()?.setItem(key_of(form), JSON.stringify(draft));
}

export function forget(form: HTMLFormElement): void {
  storage()?.removeItem(key_of(form));
}

export function kept(form: HTMLFormElement): Draft {
  return JSON.parse(storage()?.getItem(key_of(form)) ?? "[]") as Draft;
}

export function restore(form: HTMLFormElement): void {
  const draft = kept(form);
  if (!draft.length) return;
  for (const control of controls_of(form)) {
    if (control.type === "file") continue; // only people put files there
    const values = draft.filter(([name]) => name === control.name).map(([, value]) => value);
    if (is_tickable(control)) control.checked = values.includes(control.value);
    else if (values[0] !== undefined) control.value = values[0];
  }
}

function is_tickable(control: { type: string }): control is HTMLInputElement {
  return control.type === "checkbox" || control.type === "radio";
}

// Absent where the browser refuses storage.
function storage(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}
