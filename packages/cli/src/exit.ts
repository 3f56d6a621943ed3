/** Exit statuses of the command. */
export const exit = { done: 0, failed: 1, userMistake: 2, interrupted: 130, terminated: 143 } as const;
