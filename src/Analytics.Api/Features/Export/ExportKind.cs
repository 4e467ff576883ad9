using System.Text.Json;

namespace Analytics.Features.Export;

/// <summary>A kind of facts that can be exported: where its rows are, and how they become lines.</summary>
/// <param name="name">What the route calls it.</param>
/// <param name="tables">Where its facts are.</param>
/// <param name="columns">The members of each line, in their order.</param>
abstract class ExportKind(string name, IReadOnlyList<ExportTable> tables, IReadOnlyList<string> columns)
{
    public string Name => name;

    public IReadOnlyList<string> Columns => columns;

    /// <summary>Whether its facts are a customer's, whose portal keys see them.</summary>
    public virtual bool IsOfCustomers => false;

    /// <summary>Where its facts are, of everybody or of a customer.</summary>
    public virtual IReadOnlyList<ExportTable> TablesFor(bool isOfCustomer) => tables;

    /// <summary>The facts of a step, in order.</summary>
    public abstract Task<ExportPage> ReadAsync(ExportStep step);

    /// <summary>What the members of a type are called in JSON, in their order.</summary>
    protected static IReadOnlyList<string> ColumnsOf<T>(JsonSerializerOptions options, params string[] without) =>
        [.. options.GetTypeInfo(typeof(T)).Properties.Select(member => member.Name).Except(without)];
}
