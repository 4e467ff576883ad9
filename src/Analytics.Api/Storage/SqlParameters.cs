using Npgsql;

namespace Analytics.Storage;

/// <summary>The parameters of a statement that is put together: adding a value gives the place that stands for it.</summary>
sealed class SqlParameters
{
    readonly List<NpgsqlParameter> parameters = [];

    /// <summary>Adds a value; gives <c>$1</c>, <c>$2</c> and so on.</summary>
    public string Add<T>(T value)
    {
        parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return $"${parameters.Count}";
    }

    public NpgsqlCommand Command(string sql, NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }
}
