export type Gutter = "2xs" | "xs" | "sm" | "md" | "lg" | "xl";
