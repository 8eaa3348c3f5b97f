export declare const rawCoverage: string;
