namespace Analytics.AppDatabases;

/// <summary>A table of an app's schema.</summary>
/// <param name="Oid">Its number in the database.</param>
/// <param name="Name">Its name.</param>
/// <param name="Parent">The partitioned table that it is a piece of; 0 for none.</param>
/// <param name="IsPartitioned">It is divided into others, which hold its rows.</param>
/// <param name="IsLocked">Somebody keeps readers away from it now.</param>
/// <param name="Bytes">With its indexes and what is stored apart; 0 of a partitioned one.</param>
/// <param name="Rows">As the statistics say.</param>
/// <param name="IsAnalysed">Whether these were ever made.</param>
sealed record SizedTable(
    uint Oid, string Name, uint Parent, bool IsPartitioned, bool IsLocked, long Bytes, long Rows, bool IsAnalysed)
{
    // Where apps keep account of their migrations: its bytes count, itself it is nothing to look at.
    const string Migrations = "_migrations";

    public bool IsShown => IsOfApp(Name);

    public static bool IsOfApp(string name) => name != Migrations;
}
