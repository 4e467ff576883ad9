using System.Text.Json.Serialization;

namespace Analytics.AppDatabases;

/// <summary>A table of an app's Postgres workspace.</summary>
/// <param name="Name">Its name.</param>
/// <param name="RowCount">How many rows it has: counted where that is quick, else estimated.</param>
/// <param name="SizeBytes">What it takes, with its indexes; of a partitioned table all its pieces, which are listed, too.</param>
/// <param name="Columns">Its columns, in their order.</param>
public sealed record AppTable(string Name, long RowCount, long SizeBytes, IReadOnlyList<AppColumn> Columns);

/// <summary>A column of such a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as the information schema names it; <c>ARRAY</c> and <c>USER-DEFINED</c> are among these.</param>
/// <param name="Nullable">Whether it may hold null.</param>
/// <param name="PrimaryKey">True when it is part of the primary key, else left out.</param>
/// <param name="Indexed">True when it is in another index, else left out.</param>
public sealed record AppColumn(
    string Name, string Type, bool Nullable,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? PrimaryKey,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Indexed);
