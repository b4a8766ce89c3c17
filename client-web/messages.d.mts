import type { Message } from "./public/words";
export const spoken: string[];
export function catalogue(folder: string): Record<string, Record<string, Message>>;
export function compile(pattern: string): Message;
