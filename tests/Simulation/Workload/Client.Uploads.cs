using Gongji.Grains.Messages;
using Gongji.Simulation.Oracle;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Workload;

/// <summary>Monthly credits in one upload, which is how nearly all of them arrive: many at once, inside one silo, filling its batches.</summary>
internal sealed partial class Client
{
    private const int UploadLinesMax = 150;

    public async Task UploadAsync()
    {
        (string Person, CreditPerson Command)[] lines = NextUpload();
        if (_prng.Chance(_world.Plan.Abandon))
        {
            _core.Coverage.Hit(CoveragePoint.CommandAbandoned);
            _world.Abandoned.Add(AskAsync(lines));
            return;
        }

        Task other = _prng.Chance(_world.Plan.SendTwice) ? AskAsync(lines) : Task.CompletedTask;
        (string Person, CreditPerson Command)[] undecided = await AskAsync(lines);
        for (int attempt = 1; undecided.Length > 0 && attempt < _attemptsMax; attempt++)
        {
            await PauseAsync(_pauseTicks);
            undecided = await AskAsync(_prng.Chance(0.3) ? lines : undecided);
        }

        await other;
    }

    private (string Person, CreditPerson Command)[] NextUpload()
    {
        (string Person, CreditPerson Command)[] lines = new (string, CreditPerson)[_prng.Between(1, UploadLinesMax)];

        // A region's file names everybody once; a file of corrections names some people repeatedly.
        int? inOrderFrom = _prng.Chance(0.5) ? _prng.Next(_world.Persons.Count) : null;
        for (int i = 0; i < lines.Length; i++)
        {
            string person = inOrderFrom is { } from ? _world.Persons[(from + i) % _world.Persons.Count] : _world.PickPerson(_prng);
            lines[i] = (person, new CreditPerson(_world.NewId(), _world.Round(_prng.Between(1, 20_000L)), "2026-03"));
        }

        _world.Remember(_world.Credits, _prng.Pick(lines));
        return lines;
    }

    /// <summary>Sends lines to a silo. The wait for an answer is limited to the response timeout of a call; a connection to a silo that died also breaks by then.</summary>
    /// <returns>The lines without a definite answer.</returns>
    private async Task<(string Person, CreditPerson Command)[]> AskAsync((string Person, CreditPerson Command)[] lines)
    {
        if (_cluster.PickLive(_prng, 0) is not { } silo)
        {
            return lines;
        }

        Attempt[] attempts = Array.ConvertAll(lines, line => _oracle.BeginCredit(line.Person, line.Command));
        Task late = Task.Delay(_core.Faults.ResponseTimeout, _core.Time);
        Task<Task<Reply<CreditView>>[]> started = silo.CreditAsync(lines);
        List<(string, CreditPerson)> undecided = [];
        for (int i = 0; i < lines.Length; i++)
        {
            (string person, CreditPerson command) = lines[i];
            if (await CallAsync(attempts[i], AnswerOfAsync(i), JudgeOf(attempts[i], person, command)))
            {
                _world.NoteDecided(command.Id);
            }
            else
            {
                NoteUndecided(lines[i]);
                undecided.Add(lines[i]);
            }
        }

        return [.. undecided];

        async Task<Reply<CreditView>> AnswerOfAsync(int line) => await UnlessAsync(late, (await UnlessAsync(late, started))[line]);
    }

    private void NoteUndecided((string Person, CreditPerson Command) line) => _world.NoteUndecided(line.Command.Id, () => AskAsync(line.Person, line.Command));

    private static async Task<T> UnlessAsync<T>(Task late, Task<T> answer) =>
        answer.IsCompleted || await Task.WhenAny(answer, late) == answer ? await answer : throw new TimeoutException("The upload had no answer in time.");
}
