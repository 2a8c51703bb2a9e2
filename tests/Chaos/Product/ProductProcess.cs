using System.Diagnostics;

namespace Gongji.Chaos.Product;

/// <summary>The built product as a child process. It is killed when this process ends, however it ends.</summary>
internal sealed class ProductProcess : IAsyncDisposable
{
    private const int LinesKept = 100;
    private const int LineLengthMax = 400;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly Undertaker _undertaker;
    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = [];
    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProductProcess(string[] arguments)
    {
        ProcessStartInfo start = new("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Gongji.Api.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException("The process ended."));
        _process.Start();
        _undertaker = new Undertaker("kill -KILL $1", Id);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    /// <summary>The last lines of its output.</summary>
    public string Output
    {
        get
        {
            lock (_gate)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    private string Id => _process.Id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Starts the product and waits until it listens.</summary>
    public static async Task<(ProductProcess Process, Uri Address)> ServeAsync(params string[] arguments)
    {
        ProductProcess process = new(arguments);
        try
        {
            return (process, await process._address.Task.WaitAsync(Patience));
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
        {
            await process.DisposeAsync();
            throw new ChaosException($"The product did not start: {process.Output}", exception);
        }
    }

    /// <summary>Runs a command to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using ProductProcess process = new(arguments);
        return (await process.WaitForExitAsync(), process.Output);
    }

    /// <summary>Kills the process with SIGKILL: none of its code runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await WaitForExitAsync();
    }

    /// <summary>Asks the process to stop, with SIGTERM, and waits until it has.</summary>
    public async Task<int> StopAsync()
    {
        await Tool.RunAsync("kill", "-TERM", Id);
        return await WaitForExitAsync();
    }

    /// <summary>Suspends the process with SIGSTOP until <see cref="ThawAsync"/>.</summary>
    public Task FreezeAsync() => Tool.RunAsync("kill", "-STOP", Id);

    /// <summary>Resumes the process with SIGCONT.</summary>
    public Task ThawAsync() => Tool.RunAsync("kill", "-CONT", Id);

    /// <summary>Sets RLIMIT_FSIZE: no file can be written beyond a number of bytes; null for no limit.</summary>
    public Task LimitFilesAsync(long? bytes) =>
        Tool.RunAsync("prlimit", "--pid", Id, $"--fsize={bytes?.ToString(CultureInfo.InvariantCulture) ?? "unlimited"}:unlimited");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _address.Task.Exception?.Handle(_ => true);
        _undertaker.Dismiss();
        _undertaker.Dispose();
        _process.Dispose();
    }

    private async Task<int> WaitForExitAsync()
    {
        using CancellationTokenSource patience = new(Patience);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException exception)
        {
            throw new ChaosException($"The process did not end within {Patience.TotalSeconds} s. It said:\n{Output}", exception);
        }

        return _process.ExitCode;
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_gate)
        {
            _lines.Enqueue(line.Length > LineLengthMax ? line[..LineLengthMax] : line);
            if (_lines.Count > LinesKept)
            {
                _lines.Dequeue();
            }
        }

        string trimmed = line.Trim();
        if (trimmed.StartsWith("address ", StringComparison.Ordinal))
        {
            _address.TrySetResult(new Uri(trimmed["address ".Length..].Trim()));
        }
    }
}
