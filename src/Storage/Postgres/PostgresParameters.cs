using Npgsql;

namespace Gongji.Storage;

/// <summary>Positional parameters without boxing.</summary>
internal static class PostgresParameters
{
    public static NpgsqlCommand Add<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
        return command;
    }
}
