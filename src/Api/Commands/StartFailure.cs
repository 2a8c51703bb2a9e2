using System.Net.Sockets;
using Gongji.Silo;
using Gongji.Storage;
using Microsoft.AspNetCore.Connections;
using Npgsql;

namespace Gongji.Api.Commands;

/// <summary>Turns what stopped a start into one line that says what to do; null for what only a stack trace explains.</summary>
internal static class StartFailure
{
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
        AddressInUseException => "The address is in use: stop what listens there, or give another with --urls, e.g. --urls http://127.0.0.1:8081 (among silos: --silo-port).",
        IOException { InnerException: AddressInUseException } => null,
        MigrationException => $"The store cannot be brought up to date: {OneLine(cause)}",
        StoreUnavailableException when silo.PostgresConnectionString is { } connection =>
            $"PostgreSQL at {PostgresPlace.Of(connection)} cannot be used: {OneLine(cause.InnerException ?? cause)} Check that it runs and that --postgres is right.",
        StoreUnavailableException => $"The store in {silo.DataDirectory} cannot be used: {OneLine(cause)}",
        NpgsqlException when silo.PostgresConnectionString is { } connection =>
            $"PostgreSQL at {PostgresPlace.Of(connection)} cannot be used: {OneLine(cause)} Check that it runs and that --postgres is right.",
        ArgumentException or FormatException when silo.PostgresConnectionString is not null && PostgresPlace.Of(silo.PostgresConnectionString).StartsWith("an ", StringComparison.Ordinal) =>
            $"--postgres is not a connection string ({OneLine(cause)}): give one like \"Host=127.0.0.1;Username=gongji;Password=…;Database=gongji\".",
        UnauthorizedAccessException => $"The directory {silo.DataDirectory} cannot be written: give another with --data, or mend its permissions.",
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } => "The address does not exist on this machine: give another with --urls.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } => "The port needs privileges: give one above 1023 with --urls.",
        IOException { InnerException: null } => $"It could not start: {OneLine(cause)}",
        _ => null,
    };

    private static string OneLine(Exception exception)
    {
        string text = exception.Message.ReplaceLineEndings(" ").Trim();
        return text.EndsWith('.') ? text : text + ".";
    }
}
