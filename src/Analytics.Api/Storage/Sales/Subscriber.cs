namespace Analytics.Storage.Sales;

/// <summary>Whose a subscription is: of the events that name it and a customer the earliest says so.</summary>
sealed record Subscriber(Moment Moment, int Person);
