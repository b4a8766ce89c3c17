// Files as answers: sent by themselves before the form, which then names them by the id that came back. A file that was
// sent is not sent again.
import { say_message } from "./messages";
import type { Problem } from "./wire";

export interface Refused {
  field: string;
  detail: string;
}

export type Sent = { refused: Refused[] } | "unreachable";

const limit_ms = 120_000;

export async function send_files(form: HTMLFormElement): Promise<Sent> {
  const refused: Refused[] = [];
  for (const input of form.querySelectorAll<HTMLInputElement>("input[type=file]:enabled")) {
    const file = input.files?.[0];
    if (!file || input.dataset["sent"]) continue;
    const outcome = await send(form, file);
    if (outcome === "unreachable") return outcome;
    if (typeof outcome === "string") input.dataset["sent"] = outcome;
    else refused.push({ field: input.name, detail: outcome.detail });
  }
  return { refused };
}

// Another choice is another file.
export function follow_files(form: HTMLFormElement): void {
  form.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLInputElement && target.type === "file") delete target.dataset["sent"];
  });
}

// The id of the file, or why it was refused.
async function send(form: HTMLFormElement, file: File): Promise<string | { detail: string }> {
  const limit = Number(form.dataset["fileLimit"]);
  if (limit && file.size > limit) return { detail: say_message("file.too_large", Math.floor(limit / 1024)) };
  const query = new URLSearchParams({ name: file.name, lang: document.documentElement.lang });
  try {
    const response = await fetch(`/api/v1/events/${encodeURIComponent(form.dataset["event"]!)}/files?${query}`, {
      method: "POST",
      headers: { "content-type": file.type || "application/octet-stream" },
      body: file,
      signal: AbortSignal.timeout(limit_ms),
    });
    const body = (await response.json()) as { id?: string } & Problem;
    return body.id ?? { detail: body.detail };
  } catch {
    return "unreachable";
  }
}
