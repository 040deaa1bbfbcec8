/** The Toxiproxy version whose behaviour this is; clients that look at `/version` expect one of its numbers. */
export const COMPATIBLE_WITH = '2.12.0'
