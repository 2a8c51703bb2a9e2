using Npgsql;

namespace Gongji.Api.Commands;

/// <summary>Describes a PostgreSQL connection for people, without its password.</summary>
internal static class PostgresPlace
{
    public static string Of(string connection)
    {
        try
        {
            NpgsqlConnectionStringBuilder parts = new(connection);
            return $"{parts.Host}:{parts.Port}, database {parts.Database ?? parts.Username}";
        }
        catch (ArgumentException)
        {
            return "an unreadable connection string";
        }
    }
}
