using System.Net.Sockets;
using Gongji.Silo;
using Gongji.Storage;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace Gongji.Api.Commands;

/// <summary>Turns an exception that stopped the start into one line that says what to do. Returns null when only a stack trace explains it.</summary>
internal static class StartFailure
{
    /// <summary>PostgreSQL's class of connection errors.</summary>
    private const string ConnectionErrors = "08";

    private const string AuthorizationErrors = "28";

    public static string? Describe(Exception exception, SiloOptions silo)
    {
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (DescribeOne(cause, silo) is { } line)
            {
                return line;
            }
        }

        return null;
    }

    private static string? DescribeOne(Exception cause, SiloOptions silo) => cause switch
    {
        FormatException or IOException when cause.Message.StartsWith("--gateways", StringComparison.Ordinal) => OneLine(cause),
        AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "The address is in use: stop what listens there, or give another with --urls, e.g. --urls http://127.0.0.1:8081 (among silos: --silo-port).",
        IOException { InnerException: AddressInUseException } => null,
        MigrationException => $"{PlaceOf(silo)} does not fit this program. {OneLine(cause)}",
        StoreUnavailableException => $"{PlaceOf(silo)} cannot be used: {OneLine(cause.InnerException as NpgsqlException ?? cause)}{HintOf(cause.InnerException, silo)}",
        NpgsqlException => $"{PlaceOf(silo)} cannot be used: {OneLine(cause)}{HintOf(cause, silo)}",
        ArgumentException or FormatException when silo.PostgresConnectionString is not null && PostgresPlace.Of(silo.PostgresConnectionString).StartsWith("an ", StringComparison.Ordinal) =>
            $"--postgres is not a connection string ({OneLine(cause)}): give one like \"Host=127.0.0.1;Username=gongji;Password=…;Database=gongji\".",
        DirectoryNotFoundException or FileNotFoundException when !Directory.Exists(silo.DataDirectory) => $"The directory {silo.DataDirectory} cannot be made ({OneLine(cause)}): give another with --data.",
        UnauthorizedAccessException => $"The directory {silo.DataDirectory} cannot be written: give another with --data, or mend its permissions.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "The address does not exist on this machine: give another with --urls.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "The port needs privileges: give one above 1023 with --urls.",
        IOException when silo.PostgresConnectionString is null && !Directory.Exists(silo.DataDirectory) =>
            $"The directory {silo.DataDirectory} cannot be made: give another with --data, in a directory that exists and may be written.",
        IOException { InnerException: null } => $"It could not start: {OneLine(cause)}",
        _ => null,
    };

    private static string PlaceOf(SiloOptions silo) =>
        silo.PostgresConnectionString is { } connection ? $"PostgreSQL at {PostgresPlace.Of(connection)}" : $"The store in {silo.DataDirectory}";

    /// <summary>Adds a hint when the server could not be reached or refused the login; other errors explain themselves.</summary>
    private static string HintOf(Exception? cause, SiloOptions silo) => silo.PostgresConnectionString is not null && IsOfConnection(cause)
        ? " Check that it runs and that --postgres is right."
        : string.Empty;

    private static bool IsOfConnection(Exception? cause) => cause switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections } => true,
        PostgresException { SqlState: var state } => state.StartsWith(ConnectionErrors, StringComparison.Ordinal) || state.StartsWith(AuthorizationErrors, StringComparison.Ordinal),
        NpgsqlException or SocketException or TimeoutException => true,
        _ => false,
    };

    private static string OneLine(Exception exception)
    {
        string text = (exception is PostgresException { SqlState: var state, MessageText: var said } ? $"{state} {said}" : exception.Message).ReplaceLineEndings(" ").Trim();
        return text.EndsWith('.') ? text : text + ".";
    }
}
