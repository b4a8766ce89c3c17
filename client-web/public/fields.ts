// The form as its fields: finding them, reading their values, marking what is wrong. The page's hooks are listed in
// server/events/events_pages.h; all words come from there.
import { type Answers, is_asked, looks_like_email, type Question, type Wrong, wrong_with } from "./form_rules";
import { say_message } from "./messages";
import type { Companion, Submission } from "./wire";

export type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

// Signals of form posts; nothing of the registration.
const signals = new Set(["form_time", "website"]);
const hidden_fields = ["submission_id", "invitation"];

export interface Mistake {
  field: string; // path, as in the contract: "email", "answers.size"
  detail: string;
}

export function controls_of(scope: HTMLElement): Control[] {
  return [...scope.querySelectorAll<Control>("input[name], select[name], textarea[name]")].filter(
    (control) => !signals.has(control.name),
  );
}

export function field_boxes(form: HTMLFormElement): HTMLElement[] {
  return [...form.querySelectorAll<HTMLElement>("[data-field]")];
}

// ── Reading ──

export type Answer = string | boolean | string[];

function answer_of(box: HTMLElement): Answer {
  const controls = controls_of(box).filter(({ type }) => type !== "hidden");
  const first = controls[0];
  const ticked = controls.filter((control) => (control as HTMLInputElement).checked).map((control) => control.value);
  if (first?.type === "radio") return ticked[0] ?? "";
  if (first?.type === "file") return file_of(box);
  if (first?.type !== "checkbox") return first?.value.trim() ?? "";
  return box.querySelector("legend") ? ticked : ticked.length > 0;
}

const is_empty = (answer: Answer): boolean => answer === "" || answer === false || (Array.isArray(answer) && !answer.length);

// The id of the file that was sent (see files.ts); one that is chosen and not sent yet counts as well.
const unsent_file = `file-${"0".repeat(32)}`;

function file_of(box: HTMLElement): string {
  const input = box.querySelector<HTMLInputElement>("input[type=file]")!;
  if (input.files?.length) return input.dataset["sent"] ?? unsent_file;
  return box.querySelector<HTMLInputElement>("input[type=hidden]")?.value ?? "";
}

// The definition that the form carries: the server's own rules.
const definitions = new WeakMap<HTMLFormElement, Question[]>();

function questions_of(form: HTMLFormElement): Question[] {
  const known = definitions.get(form) ?? (JSON.parse(form.dataset["rules"] ?? "[]") as Question[]);
  definitions.set(form, known);
  return known;
}

const key_of = (box: HTMLElement): string | undefined => /^answers\.(.*)$/.exec(box.dataset["field"]!)?.[1];

// A field holds text; the question says what it means.
function value_of(question: Question | undefined, answer: Answer): unknown {
  const number = question?.type === "number" && answer !== "" ? Number(answer) : NaN;
  return Number.isSafeInteger(number) ? number : answer;
}

function answers_of(form: HTMLFormElement): Answers {
  const answers: Answers = {};
  const questions = questions_of(form);
  for (const box of field_boxes(form)) {
    const key = key_of(box);
    if (key) answers[key] = value_of(questions.find((one) => one.key === key), answer_of(box));
  }
  return answers;
}

// What the form says, as the contract's fields; what is empty or not asked is left out.
export function read(form: HTMLFormElement): Submission {
  const submission: Record<string, unknown> & { answers: Record<string, unknown>; companions: Companion[] } = {
    event: form.dataset["event"],
    language: document.documentElement.lang,
    answers: {},
    companions: [],
  };
  for (const control of controls_of(form)) {
    const is_ours = control.type === "hidden" && hidden_fields.includes(control.name);
    if (is_ours && control.value) submission[control.name] = control.value;
  }
  for (const box of field_boxes(form)) {
    const path = box.dataset["field"]!;
    const answer = answer_of(box);
    const [head, key, part] = path.split(".") as [string, string?, (keyof Companion)?];
    if (controls_of(box)[0]?.matches(":disabled") || is_empty(answer)) continue;
    if (head === "answers") submission.answers[key!] = value_of(questions_of(form).find((one) => one.key === key), answer);
    else if (head === "companions") (submission.companions[Number(key)] ??= {} as Companion)[part!] = answer as string;
    else submission[head] = answer;
  }
  submission.companions = submission.companions.filter(Boolean);
  return submission as unknown as Submission;
}

// The server numbers the companions that were sent; the page numbers its rows, of which some may be empty.
export function path_on_page(form: HTMLFormElement, path: string): string {
  const filled = field_boxes(form)
    .filter((box) => box.dataset["field"]!.startsWith("companions.") && !is_empty(answer_of(box)))
    .map((box) => box.dataset["field"]!.split(".")[1]!);
  return path.replace(/^companions\.(\d+)/, (whole, sent) => {
    const on_page = [...new Set(filled)][Number(sent)];
    return on_page === undefined ? whole : `companions.${on_page}`;
  });
}

// ── Asking only what applies ──

export function show_what_is_asked(form: HTMLFormElement): void {
  const questions = questions_of(form);
  const answers = answers_of(form);
  for (const set of form.querySelectorAll<HTMLFieldSetElement>("[data-visible-if-question]")) {
    const box = set.querySelector<HTMLElement>("[data-field]");
    const question = questions.find(({ key }) => box && key === key_of(box));
    if (question) set.disabled = set.hidden = !is_asked(question, questions, answers);
  }
}

// ── Judging ──

// The words beside the field when its value cannot be right; undefined when it may be.
function complaint(box: HTMLElement): string | undefined {
  const control = controls_of(box).find(({ type }) => type !== "hidden");
  if (!control || control.matches(":disabled")) return undefined;
  const says = { ...box.dataset, ...control.dataset };
  if (control.validity.badInput) return says["messageInvalid"];
  const question = questions_of(box.closest("form")!).find(({ key }) => key === key_of(box));
  if (question) {
    const wrong = wrong_with(question, { [question.key]: value_of(question, answer_of(box)) });
    return wrong && words_of(wrong, says);
  }
  const answer = answer_of(box);
  if (is_empty(answer)) return is_required(box) ? says["messageMissing"] : undefined;
  if (control.inputMode === "email") return looks_like_email(answer as string) ? undefined : says["messageInvalid"];
  return undefined;
}

// A bound is said with its number; for the rest the page has brought the words along.
function words_of(wrong: Wrong, says: DOMStringMap): string | undefined {
  if (wrong.limit !== undefined) return say_message(wrong.message, wrong.limit);
  const is_missing = wrong.message === "field.missing" || wrong.message === "field.consent";
  return is_missing ? says["messageMissing"] : says["messageInvalid"];
}

function is_required(box: HTMLElement): boolean {
  return box.hasAttribute("data-required") || controls_of(box).some((control) => control.required);
}

export function mistakes_in(form: HTMLFormElement): Mistake[] {
  return field_boxes(form).flatMap((box) => {
    const detail = complaint(box);
    return detail ? [{ field: box.dataset["field"]!, detail }] : [];
  });
}

// ── Marking ──

const id_of = (path: string): string => path.replaceAll(".", "-");

export function mark(box: HTMLElement, detail: string | undefined): void {
  const place = document.getElementById(`error-${id_of(box.dataset["field"]!)}`);
  if (place) {
    place.textContent = detail ?? "";
    place.hidden = !detail;
  }
  for (const control of controls_of(box)) {
    if (detail) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
  box.classList.toggle("field-wrong", !!detail);
}

// A mark goes as soon as what is typed may be right, and when one leaves a field that is still wrong, it says what is
// wrong now. It never goes on leaving: the page would move under the pointer that is about to press the button.
export function judge_again(box: HTMLElement, is_leaving: boolean): void {
  const detail = complaint(box);
  if (box.querySelector("[aria-invalid=true]") && !!detail === is_leaving) mark(box, detail);
}

// Marks the fields and fills the summary, which takes the focus; without mistakes both are cleared.
export function show_mistakes(form: HTMLFormElement, mistakes: readonly Mistake[]): void {
  for (const box of field_boxes(form)) {
    mark(box, mistakes.find((mistake) => mistake.field === box.dataset["field"])?.detail);
  }
  const summary = summary_of(form);
  if (!summary) return;
  summary.querySelector("ul")?.replaceChildren(...mistakes.map(entry));
  summary.hidden = !mistakes.length;
  if (mistakes.length) summary.focus();
}

export function summary_of(form: HTMLFormElement): HTMLElement | null {
  return form.querySelector("[data-error-summary]");
}

function entry(mistake: Mistake): HTMLLIElement {
  const item = document.createElement("li");
  const target = document.getElementById(`field-${id_of(mistake.field)}`);
  if (!target) {
    item.textContent = mistake.detail;
    return item;
  }
  const link = document.createElement("a");
  link.href = `#${target.id}`;
  link.textContent = sentence(target, mistake.detail);
  link.onclick = (event) => {
    event.preventDefault();
    target.closest("details")?.setAttribute("open", "");
    target.focus();
  };
  item.append(link);
  return item;
}

function sentence(target: HTMLElement, detail: string): string {
  const box = target.closest("[data-companion]") ?? target.closest("[data-field]");
  const name = box?.querySelector("legend, label")?.firstChild?.textContent?.trim();
  return name ? `${name}: ${detail}` : detail;
}
