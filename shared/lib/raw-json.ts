/** A number that `JSON.stringify` writes with these very digits. Of JavaScript since 2025, not yet among its types. */
export const rawJson = (JSON as unknown as { readonly rawJSON: (digits: string) => unknown }).rawJSON
