/** Tells the person at the terminal, in one line, what happens and how long it may take. */
export type Say = (line: string) => void;
