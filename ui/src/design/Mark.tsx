/** The bird of Kittiwake in flight, with the black wing tips that it is known by. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 48 48" aria-hidden="true">
      <path
        fill="currentColor"
        d="M2 15.500C9.500 12.500 18 14.500 24 23c6-8.500 14.500-10.500 22-7.500-7 .5-13.500 5-18 12.500l-1.600 5.400c-.7 2.300-4.100 2.300-4.800 0L20 28C15.500 20.500 9 16 2 15.500Z"
      />
      <path
        fill="var(--text)"
        d="M2 15.500c2.600-1 5.300-1.500 8-1.300 1 .7 1.700 1.800 1.900 3.400C8.900 16.300 5.500 15.700 2 15.500Zm44 0c-2.600-1-5.300-1.500-8-1.300-1 .7-1.700 1.800-1.900 3.400 3-1.300 6.400-1.900 9.900-2.100Z"
      />
    </svg>
  );
}
