// The page's one connection to /live: JSON-RPC 2.0 over WebSocket, subprotocol kutsu.v1. It knows ids, time limits and
// pushes, and nothing of events. Both scripts of a page share it. A call opens it when needed; nobody reconnects here:
// who wants to stay connected is told by `closed` and calls again.
// A call fails with a Failure: with a problem when the server refused (asking again over HTTP gives the same), without
// one when there was no answer (not connected, too slow, closed), and then nobody knows whether the server acted.
import type { Problem, Pushes } from "./wire";

export interface Failure {
  problem?: Problem | undefined;
}

interface Answer {
  result?: unknown;
  error?: { code: number; message: string; data?: Problem };
}

type Message = Answer & { id?: number; method?: keyof Pushes; params?: never };

export class Socket {
  pushed: { [Method in keyof Pushes]?: (params: Pushes[Method]) => void } = {};
  closed: (() => void) | undefined;
  #socket: WebSocket | undefined;
  #last_id = 0;
  readonly #waiting = new Map<number, (answer: Answer) => void>();

  constructor(readonly url: string) {}

  call<Result>(method: string, params: object, limit_ms: number): Promise<Result> {
    const id = ++this.#last_id;
    const socket = (this.#socket ??= this.#open());
    return new Promise((resolve, reject) => {
      const settle = ({ result, error }: Answer): void => {
        clearTimeout(limit);
        this.#waiting.delete(id);
        if (result === undefined) reject({ problem: error?.data } satisfies Failure);
        else resolve(result as Result);
      };
      const limit = setTimeout(settle, limit_ms, {});
      this.#waiting.set(id, settle);
      const send = (): void => {
        if (this.#waiting.has(id)) socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
      };
      if (socket.readyState === WebSocket.CONNECTING) socket.addEventListener("open", send);
      else send();
    });
  }

  // Lets go when nobody waits for an answer.
  close_if_idle(): void {
    if (!this.#waiting.size) this.#socket?.close();
  }

  #open(): WebSocket {
    const socket = new WebSocket(this.url, "kutsu.v1");
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data as string) as Message;
      if (message.method) this.pushed[message.method]?.(message.params!);
      else this.#waiting.get(message.id!)?.(message);
    };
    socket.onclose = () => {
      this.#socket = undefined;
      for (const settle of this.#waiting.values()) settle({});
      this.closed?.();
    };
    return socket;
  }
}

// The page's own connection, whichever script asks first.
export function page_socket(): Socket {
  const shared = globalThis as { kutsu_socket?: Socket };
  return (shared.kutsu_socket ??= new Socket(
    `${location.origin.replace(/^http/, "ws")}/live?lang=${document.documentElement.lang}`,
  ));
}
