/** Whether builds write type declarations: not in a clone that only trains, where what they take is not installed. */
export const types: boolean = process.env.CHARLSTM_TYPES !== "no";
