using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Gongji.Api.Tests.Support;

/// <summary>The built product as a child process.</summary>
internal sealed class ApiProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="arguments">The product's arguments.</param>
    /// <param name="through">A program that starts the product, with its arguments.</param>
    private ApiProcess(string[] arguments, params string[] through)
    {
        string[] command = [.. through, "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "Gongji.Api.dll"), .. arguments];
        ProcessStartInfo start = new(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };

        // These processes live for seconds, so profiling their code to compile it better never pays off.
        start.Environment["DOTNET_TieredPGO"] = "0";
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException("The process ended."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The address that a serving process listens on.</summary>
    public Uri Address { get; private set; } = null!;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts the product, accepting unsigned calls, and waits until it listens on a free port.</summary>
    public static Task<ApiProcess> ServeAsync(params string[] arguments) => ServeSignedAsync(["--unsigned", .. arguments]);

    /// <summary>Starts the product with its defaults for signing, and waits until it listens on a free port.</summary>
    public static Task<ApiProcess> ServeSignedAsync(params string[] arguments) => StartAsync(new ApiProcess(["--urls", "http://127.0.0.1:0", .. arguments]));

    /// <summary>The same, unsigned, with a given temporary directory.</summary>
    public static Task<ApiProcess> ServeOnTemporaryDiskAsync(string directory, params string[] arguments) =>
        StartAsync(new ApiProcess(["--urls", "http://127.0.0.1:0", "--unsigned", .. arguments], "env", $"TMPDIR={directory}"));

    private static async Task<ApiProcess> StartAsync(ApiProcess process)
    {
        try
        {
            process.Address = await process._address.Task.WaitAsync(Patience);
            return process;
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
        {
            string output = process.Output;
            await process.DisposeAsync();
            throw new InvalidOperationException($"The product did not start: {output}", exception);
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using ApiProcess process = new(arguments);
        int exitCode = await process.WaitForExitAsync();
        return (exitCode, process.Output);
    }

    /// <summary>Runs a command to its end as a user to whom file permissions apply: when the tests run as root, without the capabilities that bypass them.</summary>
    public static async Task<(int ExitCode, string Output)> RunUnprivilegedAsync(params string[] arguments)
    {
        await using ApiProcess process = new(arguments, Environment.IsPrivilegedProcess ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] : []);
        int exitCode = await process.WaitForExitAsync();
        return (exitCode, process.Output);
    }

    /// <summary>Kills the process with SIGKILL: none of its code runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    /// <summary>Asks the process to stop, with SIGTERM.</summary>
    public void Terminate()
    {
        using Process kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    public async Task<int> WaitForExitAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _address.Task.Exception?.Handle(_ => true);
        _process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        string trimmed = line.Trim();
        if (trimmed.StartsWith("address ", StringComparison.Ordinal))
        {
            _address.TrySetResult(new Uri(trimmed["address ".Length..].Trim()));
        }
    }
}
