/** The steps of a storefront, by the API's names. */
export const steps = [
  { slug: "visit", name: "Visit" },
  { slug: "product_view", name: "Product" },
  { slug: "pricing_view", name: "Prices" },
  { slug: "signup", name: "Sign-up" },
  { slug: "subscription", name: "Subscription" },
  { slug: "first_api_call", name: "First API call" },
] as const;

export const stepName = (slug: string): string => steps.find((step) => step.slug === slug)?.name ?? slug;
