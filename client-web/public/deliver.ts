// Brings a submission to the server: over the socket, else over HTTP. Both carry the same submission_id, so a repeat
// after a lost answer is harmless. What the server refuses comes back as a problem; no answer at all as "unreachable".
import { type Failure, page_socket } from "./socket";
import type { Problem, Receipt, Submission } from "./wire";

export type Outcome = { receipt: Receipt } | { problem: Problem } | "unreachable";

const socket_limit_ms = 8_000;
const http_limit_ms = 15_000;

export async function deliver(submission: Submission): Promise<Outcome> {
  try {
    return { receipt: await page_socket().call<Receipt>("registration.submit", submission, socket_limit_ms) };
  } catch (failure) {
    const { problem } = failure as Failure;
    return problem ? { problem } : over_http(submission);
  }
}

async function over_http(submission: Submission): Promise<Outcome> {
  try {
    const language = document.documentElement.lang;
    const response = await fetch(`/api/v1/events/${encodeURIComponent(submission.event)}/registrations?lang=${language}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(submission),
      signal: AbortSignal.timeout(http_limit_ms),
    });
    const body = (await response.json()) as Receipt & Problem;
    if (response.ok && body.token) return { receipt: body };
    if (!body.type) return "unreachable";
    const asked_s = Number(response.headers.get("retry-after"));
    return { problem: asked_s ? { retry_after_ms: asked_s * 1000, ...body } : body };
  } catch {
    return "unreachable";
  }
}
