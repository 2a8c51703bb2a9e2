using Npgsql;

namespace Gongji.Storage;

/// <summary>Positional parameters without boxing.</summary>
internal static class PostgresParameters
{
    public static void AddValue<T>(this NpgsqlParameterCollection parameters, T value) => parameters.Add(new NpgsqlParameter<T> { TypedValue = value });

    /// <summary>Adds a statement to a batch and returns its parameters.</summary>
    public static NpgsqlParameterCollection AddCommand(this NpgsqlBatch batch, string sql)
    {
        NpgsqlBatchCommand command = new(sql);
        batch.BatchCommands.Add(command);
        return command.Parameters;
    }

    public static NpgsqlCommand Add<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.AddValue(value);
        return command;
    }
}
