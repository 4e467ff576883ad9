const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Customers in the address are external ids, or the ids of those that have none. */
export const customersOf = (customers: string[]) => ({
  customer_id: customers.filter((customer) => uuid.test(customer)),
  external_customer_id: customers.filter((customer) => !uuid.test(customer)),
});

/** A customer in a path, by its id or (`~`) by its external id. */
export const customerSegment = (customer: string) =>
  uuid.test(customer) ? customer : `~${encodeURIComponent(customer)}`;
