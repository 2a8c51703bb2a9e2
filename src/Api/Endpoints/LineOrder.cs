using System.Collections.Concurrent;

namespace Gongji.Api.Endpoints;

/// <summary>
/// Keeps lines with the same person, or with the same id, in order. A file is written from top to bottom: a client that puts a credit above a payment, or a transfer
/// above its acceptance, means the second to find the first done. Holds only lines that are in flight.
/// </summary>
internal sealed class LineOrder
{
    private readonly ConcurrentDictionary<object, Task> _last = new();

    /// <summary>Starts a line behind the earlier lines that it must follow. Called for one line at a time.</summary>
    /// <param name="command">A command with an id and a person who acts.</param>
    /// <param name="run">Runs the command once the task it is given has ended. It never fails.</param>
    public Task<LineResult> Start(LineCommand command, Func<Task, Task<LineResult>> run)
    {
        (object person, object id) = (command.By!, command.Id!.Value);
        Task<LineResult> running = run(Task.WhenAll(_last.GetValueOrDefault(person, Task.CompletedTask), _last.GetValueOrDefault(id, Task.CompletedTask)));
        if (!running.IsCompleted)
        {
            (_last[person], _last[id]) = (running, running);
            _ = ForgetAsync(person, id, running);
        }

        return running;
    }

    private async Task ForgetAsync(object person, object id, Task ended)
    {
        await ended;
        _last.TryRemove(KeyValuePair.Create(person, ended));
        _last.TryRemove(KeyValuePair.Create(id, ended));
    }
}
