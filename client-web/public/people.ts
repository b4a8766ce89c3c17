// What the people table of the organisers' desk gains from JavaScript.
export {};
