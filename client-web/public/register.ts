// Makes the registration form livelier: checks on sending and then beside the field, asks only what applies, keeps a
// draft, sends over the socket and, failing that, over HTTP and at last as the plain form it is. The server decides all.
import { spread_ms } from "./backoff";
import { enhance_companions, show_row_of } from "./companions";
import { deliver } from "./deliver";
import { forget, keep, kept, restore } from "./draft";
import { follow_files, send_files } from "./files";
import { judge_again, mistakes_in, path_on_page, read, show_mistakes, show_what_is_asked, summary_of } from "./fields";
import { type Problem, type Receipt, problem_name } from "./wire";

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-register]")) enhance(form);

function enhance(form: HTMLFormElement): void {
  form.noValidate = true;
  // A form that the server has sent back holds what was typed already.
  if (summary_of(form)?.hidden) bring_back(form);
  enhance_companions(form);
  follow_files(form);
  hide_words_without_script(form);
  follow_answers(form);

  form.addEventListener("input", () => {
    follow_answers(form);
    keep(form);
  });
  for (const occasion of ["input", "focusout"]) {
    form.addEventListener(occasion, ({ target, type }) => {
      const box = (target as HTMLElement).closest<HTMLElement>("[data-field]");
      if (box) judge_again(box, type === "focusout");
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!is_sending(form)) void send(form);
  });
  // Back from the next page: the form as it was left may still say that it is sending.
  addEventListener("pageshow", (event) => event.persisted && set_sending(form, false));
}

function bring_back(form: HTMLFormElement): void {
  for (const [name] of kept(form)) show_row_of(form, name);
  restore(form);
}

function hide_words_without_script(form: HTMLFormElement): void {
  for (const words of form.querySelectorAll<HTMLElement>("[data-if-words]")) words.hidden = true;
}

function follow_answers(form: HTMLFormElement): void {
  show_what_is_asked(form);
  const is_cyrillic = /\p{Script=Cyrillic}/u.test(form.querySelector<HTMLInputElement>("[name=name]")?.value ?? "");
  for (const place of form.querySelectorAll<HTMLDetailsElement>("[data-appears-for=cyrillic]")) {
    const is_used = [...place.querySelectorAll("input")].some((input) => input.value);
    place.hidden = !is_cyrillic && !is_used;
    if (!place.hidden && is_cyrillic) place.open = true;
  }
}

// ── Sending ──

async function send(form: HTMLFormElement): Promise<void> {
  const mistakes = mistakes_in(form);
  show_mistakes(form, mistakes);
  set_sending(form, !mistakes.length);
  if (mistakes.length) return;
  const slow = setTimeout(() => tell(form, form.dataset["messageSlow"]), 5_000);
  const files = await send_files(form);
  if (files !== "unreachable" && files.refused.length) {
    clearTimeout(slow);
    set_sending(form, false);
    return show_mistakes(form, files.refused);
  }
  const outcome = files === "unreachable" ? files : await deliver(read(form));
  clearTimeout(slow);
  if (outcome === "unreachable") await find_another_way(form);
  else if ("receipt" in outcome) leave(form, outcome.receipt);
  else await face(form, outcome.problem);
}

function leave(form: HTMLFormElement, receipt: Receipt): void {
  forget(form);
  renew_id(form);
  location.assign(`/${document.documentElement.lang}/registrations/${receipt.token}`);
}

// Offline: wait for the network. Online and still no answer: the browser's own way, without any script.
async function find_another_way(form: HTMLFormElement): Promise<void> {
  if (navigator.onLine) return form.submit();
  tell(form, form.dataset["messageOffline"]);
  await new Promise((resolve) => addEventListener("online", resolve, { once: true }));
  return send(form);
}

const faces: Record<string, (form: HTMLFormElement, problem: Problem) => void | Promise<void>> = {
  validation: show_refused_fields,
  "too-many-requests": wait_and_send_again,
  overloaded: wait_and_send_again,
  // The id was used with other contents: what was sent before stands; the next attempt is a new submission.
  conflict: (form, problem) => (renew_id(form), show_refusal(form, problem)),
};

function face(form: HTMLFormElement, problem: Problem): void | Promise<void> {
  // A code that lets nobody in is no mistake of the form and has a field all the same.
  const at_fields = problem.errors?.length ? show_refused_fields : show_refusal;
  return (faces[problem_name(problem)] ?? at_fields)(form, problem);
}

function show_refused_fields(form: HTMLFormElement, problem: Problem): void {
  set_sending(form, false);
  const errors = problem.errors ?? [{ field: problem.field ?? "", detail: problem.detail }];
  const mistakes = errors.map(({ field, detail }) => ({ field: path_on_page(form, field), detail }));
  for (const { field } of mistakes) show_row_of(form, field);
  show_mistakes(form, mistakes);
}

function show_refusal(form: HTMLFormElement, problem: Problem): void {
  set_sending(form, false);
  show_mistakes(form, [{ field: "", detail: `${problem.title}. ${problem.detail}` }]);
}

async function wait_and_send_again(form: HTMLFormElement, problem: Problem): Promise<void> {
  const until = Date.now() + spread_ms(problem.retry_after_ms ?? 5_000);
  for (let left = until - Date.now(); left > 0; left = until - Date.now()) {
    count_down(form, Math.ceil(left / 1000));
    await new Promise((resolve) => setTimeout(resolve, Math.min(left, 1000)));
  }
  return send(form);
}

// ── Saying what is going on ──

const status_of = (form: HTMLFormElement): HTMLElement | null => form.querySelector("[data-form-status]");

function tell(form: HTMLFormElement, words: string | undefined): void {
  const status = status_of(form);
  if (status) status.textContent = words ?? "";
}

// Said aloud once; the seconds that follow are only seen.
function count_down(form: HTMLFormElement, seconds: number): void {
  const status = status_of(form);
  if (!status?.querySelector("[data-seconds]")) {
    const ticking = document.createElement("span");
    ticking.dataset["seconds"] = "";
    ticking.ariaHidden = "true";
    status?.replaceChildren(`${form.dataset["messageRetry"]} `, ticking);
  }
  const unit = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "second" });
  status!.lastElementChild!.textContent = unit.format(seconds);
}

const button_of = (form: HTMLFormElement): HTMLElement | null => form.querySelector("button[type=submit]");

const is_sending = (form: HTMLFormElement): boolean => button_of(form)?.getAttribute("aria-disabled") === "true";

function set_sending(form: HTMLFormElement, sending: boolean): void {
  const button = button_of(form);
  tell(form, sending ? form.dataset["messageSending"] : "");
  if (!button || is_sending(form) === sending) return;
  if (sending) {
    button.dataset["words"] = button.textContent ?? "";
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset["messageBusy"] ?? button.dataset["words"];
  } else {
    button.removeAttribute("aria-disabled");
    button.textContent = button.dataset["words"] ?? "";
  }
}

// ── The submission's id ──

function renew_id(form: HTMLFormElement): void {
  const place = form.querySelector<HTMLInputElement>("[name=submission_id]");
  if (place) place.value = new_uuid();
}

// A random UUID (version 4). crypto.randomUUID exists only on secure origins; a first trial on a plain address has none.
function new_uuid(): string {
  return "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replaceAll("x", () =>
    (crypto.getRandomValues(new Uint8Array(1))[0]! & 15).toString(16),
  );
}
