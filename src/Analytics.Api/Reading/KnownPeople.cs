namespace Analytics.Reading;

/// <summary>A person as events show it.</summary>
readonly record struct KnownPerson(Guid? CustomerId, string? ExternalId);

/// <summary>
/// What was looked up of people, for whoever meets the same ones again and again. It holds as long as the workspace's version is the same,
/// which rises with every change of what people are called: who reads in one snapshot after the other asks for it in each.
/// </summary>
sealed class KnownPeople
{
    const int Most = 10_000;

    readonly Dictionary<int, KnownPerson> people = [];
    int version;

    public KnownPerson this[int person] => people[person];

    public bool Has(int person) => people.ContainsKey(person);

    public void Add(int person, KnownPerson known) => people[person] = known;

    /// <summary>Forgets everybody when people were changed since, or when they are too many to be kept.</summary>
    public KnownPeople AsOf(int now)
    {
        if (now != version || people.Count > Most)
            people.Clear();
        version = now;
        return this;
    }
}
