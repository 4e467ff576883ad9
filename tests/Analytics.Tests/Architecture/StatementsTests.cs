using Mono.Cecil;
using Mono.Cecil.Cil;
using Npgsql;

namespace Analytics.Tests.Architecture;

public sealed class StatementsTests
{
    static readonly string[] Makers =
    [
        // Works before there is a store, and knows nothing of it.
        "PrivatePostgres/PostgresCluster.cs",
        "Storage/Sql.cs",
    ];

    static readonly HashSet<string?> Made =
    [
        typeof(NpgsqlCommand).FullName, typeof(NpgsqlBatchCommand).FullName,
        typeof(NpgsqlParameter).FullName, typeof(NpgsqlParameter<>).FullName,
    ];

    [Fact]
    public void There_is_one_way_to_talk_to_Postgres() =>
        Assert.Equal(Makers, SourceGraph.OfApi.FilesOf(SourceGraph.OfApi.Types.Where(MakesStatements)));

    static bool MakesStatements(TypeDefinition type) => type.SelfAndNested()
        .SelectMany(part => part.Methods)
        .Where(method => method.HasBody)
        .SelectMany(method => method.Body.Instructions)
        .Any(MakesStatement);

    // By name, or by having one made.
    static bool MakesStatement(Instruction instruction) => instruction.Operand is MethodReference called
        && ((instruction.OpCode == OpCodes.Newobj && Made.Contains(called.DeclaringType.GetElementType().FullName))
            || (called.DeclaringType.Namespace == nameof(Npgsql) && called.Name is "CreateCommand" or "CreateBatch" or "AddWithValue"));
}
