namespace Analytics.Tests.Faults;

/// <summary>
/// What becomes of the service when things end or stand still. One service for all of these tests, which therefore run one after the
/// other. Each fault comes twice; <c>ANALYTICS_FAULTS=10</c> in the environment makes it ten times, or any other number.
/// </summary>
[CollectionDefinition]
public sealed class Faults : ICollectionFixture<ServiceProcess>
{
    public static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("ANALYTICS_FAULTS"), out var set) && set > 0 ? set : 2;
}
