using System.Diagnostics;
using System.Globalization;
using System.Net;
using Gongji.Silo;

namespace Gongji.LoadTest;

/// <summary>The product's own server in a separate process, on loopback, accepting unsigned calls.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    private readonly Process _process;

    private ApiServer(Process process, ApiPorts ports) => (_process, Ports) = (process, ports);

    public ApiPorts Ports { get; }

    public IPEndPoint EndPoint => new(IPAddress.Loopback, Ports.Http);

    public int Pid => _process.Id;

    /// <summary>The server's assembly, in the build's output beside this program.</summary>
    public static string AssemblyPath { get; } = Path.GetFullPath(
        Path.Combine(AppContext.BaseDirectory, "..", "..", "Api", Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)), "Gongji.Api.dll"));

    public static async Task<ApiServer> StartAsync(SiloOptions options, ApiPorts ports, CancellationToken cancellationToken)
    {
        string[] store = options.PostgresConnectionString is { } connection ? ["--postgres", connection] : ["--data", options.DataDirectory];
        string[] silo = ports.Silo is { } siloPort ? ["--silo-port", siloPort.ToString(CultureInfo.InvariantCulture)] : [];
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{ports.Http}");
        ProcessStartInfo start = new("dotnet", [AssemblyPath, .. store, .. silo, "--unsigned", "--urls", url])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start) ?? throw new BenchException("The API cannot be started.");
        List<string> said = [];
        process.OutputDataReceived += (_, line) => Remember(said, line.Data);
        process.ErrorDataReceived += (_, line) => Remember(said, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        ApiServer server = new(process, ports);
        try
        {
            await server.WaitReadyAsync(cancellationToken);
            return server;
        }
        catch (Exception failure) when (failure is BenchException or OperationCanceledException)
        {
            await server.DisposeAsync();
            lock (said)
            {
                throw new BenchException($"The API did not become ready. {string.Join(' ', said)}");
            }
        }
    }

    /// <summary>Kills the process, as a failing machine would.</summary>
    public Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        return _process.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // SIGTERM lets the journal drain.
            using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(BenchLimits.ServerSeconds));
            try
            {
                await _process.WaitForExitAsync(timeout.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private async Task WaitReadyAsync(CancellationToken cancellationToken)
    {
        using HttpClient client = new() { BaseAddress = new Uri($"http://{EndPoint}"), Timeout = TimeSpan.FromSeconds(2) };
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(BenchLimits.ServerSeconds));
        while (true)
        {
            if (_process.HasExited)
            {
                throw new BenchException("The API ended.");
            }

            try
            {
                using HttpResponseMessage response = await client.GetAsync(new Uri("/health/ready", UriKind.Relative), timeout.Token);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // The server does not listen yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, timeout.Token);
        }
    }

    /// <summary>Keeps the last lines of output, for the message when the start fails.</summary>
    private static void Remember(List<string> said, string? line)
    {
        lock (said)
        {
            if (line is not null)
            {
                said.Add(line);
                said.RemoveRange(0, Math.Max(0, said.Count - 20));
            }
        }
    }
}

/// <summary>The ports that a server listens on, on loopback.</summary>
/// <param name="Http">The port for callers.</param>
/// <param name="Silo">The port for the other silos of a cluster; null for a server without a cluster.</param>
internal sealed record ApiPorts(int Http, int? Silo)
{
    /// <summary>Free ports for a server without a cluster.</summary>
    public static ApiPorts Free() => new(PostgresServer.FreePort(), null);

    /// <summary>Free ports for a member of a cluster.</summary>
    public static ApiPorts FreeInCluster() => new(PostgresServer.FreePort(), PostgresServer.FreePort());
}
