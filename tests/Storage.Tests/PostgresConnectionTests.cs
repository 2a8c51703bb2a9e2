using Gongji.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Gongji.Storage.Tests;

public sealed class PostgresConnectionTests
{
    [Fact]
    public async Task Server_is_reached_over_a_socket_of_the_machine()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        DirectoryInfo sockets = Directory.CreateTempSubdirectory("gongji-sockets-");
        try
        {
            // The server may run as another user than the tests do.
            File.SetUnixFileMode(sockets.FullName, (UnixFileMode)Convert.ToInt32("777", 8));
            await using PostgresServer server = await PostgresServer.StartAsync(new Dictionary<string, string> { ["unix_socket_directories"] = sockets.FullName });
            NpgsqlConnectionStringBuilder place = new(server.ConnectionString("postgres")) { Host = sockets.FullName };
            await using PostgresLedgerStore store = new(new PostgresStoreOptions { ConnectionString = place.ConnectionString }, TimeProvider.System, NullLogger<PostgresLedgerStore>.Instance);

            await store.MigrateAsync(CancellationToken.None);

            Assert.Equal(1, await store.OpenChainAsync("test", 0, DateTimeOffset.UnixEpoch, CancellationToken.None));
        }
        finally
        {
            sockets.Delete(recursive: true);
        }
    }
}
