namespace Analytics.Tests.Faults;

/// <summary>Tests of how much memory or time a service takes, after all others: nothing else is on the machine's processors then.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class Alone : ICollectionFixture<ServiceProcess>;
