using System.Collections.Concurrent;

namespace Gongji.Api.Endpoints;

/// <summary>
/// Keeps lines of one person, and lines with one id, in their order: a file is written from top to bottom, and who writes a credit above a payment, or a transfer above its
/// acceptance, means the one to be there for the other. Holds only what is under way.
/// </summary>
internal sealed class LineOrder
{
    private readonly ConcurrentDictionary<object, Task> _last = new();

    /// <summary>Starts a line behind those that it follows. Called for one line after the other.</summary>
    /// <param name="command">Has an id, and says who acts.</param>
    /// <param name="run">Runs it when what it is given has ended; it never fails.</param>
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
