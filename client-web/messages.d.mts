import type { Message } from "./public/words";
export const spoken: string[];
export const spoken_to_organisers: string[];
export function catalogue(folder: string, keys?: string[]): Record<string, Record<string, Message>>;
export function compile(pattern: string): Message;
