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

    /// <summary>Sends lines to a silo. The wait for answers is limited to the response timeout of a call; a connection to a silo that died also breaks by then.</summary>
    /// <returns>The lines without a definite answer.</returns>
    private async Task<(string Person, CreditPerson Command)[]> AskAsync((string Person, CreditPerson Command)[] lines)
    {
        if (_cluster.PickLive(_prng, 0) is not { } silo)
        {
            return lines;
        }

        Upload upload = new(this, lines);
        silo.Upload(lines, upload.Answer);
        await Task.WhenAny(upload.Answered, Task.Delay(_core.Faults.ResponseTimeout, _core.Time));
        return upload.Leave();
    }

    /// <summary>Lines that were sent to a silo. Each answer is judged as soon as the silo has it.</summary>
    private sealed class Upload
    {
        private readonly TaskCompletionSource _answered = new();
        private readonly Client _client;
        private readonly (string Person, CreditPerson Command)[] _lines;
        private readonly Attempt?[] _open;
        private readonly List<(string, CreditPerson)> _undecided = [];
        private int _left;

        public Upload(Client client, (string Person, CreditPerson Command)[] lines)
        {
            (_client, _lines, _left) = (client, lines, lines.Length);
            _open = Array.ConvertAll(lines, line => client._oracle.BeginCredit(line.Person, line.Command));
        }

        /// <summary>Completes when every line is answered.</summary>
        public Task Answered => _answered.Task;

        /// <summary>Takes the answer of a line. After the client has left, answers are ignored.</summary>
        public void Answer(int line, Task<Reply<CreditView>> answer)
        {
            if (_open[line] is not { } attempt)
            {
                return;
            }

            _open[line] = null;
            (string person, CreditPerson command) = _lines[line];
            if (_client.End(attempt, answer, _client.JudgeOf(attempt, person, command)))
            {
                _client._world.NoteDecided(command.Id);
            }
            else
            {
                NoteUndecided(line);
            }

            if (--_left == 0)
            {
                _answered.SetResult();
            }
        }

        /// <summary>Stops waiting: lines without an answer get none.</summary>
        /// <returns>The lines without a definite answer.</returns>
        public (string Person, CreditPerson Command)[] Leave()
        {
            for (int line = 0; line < _open.Length; line++)
            {
                if (_open[line] is { } attempt)
                {
                    _open[line] = null;
                    _client._oracle.EndWithoutAnswer(attempt, new TimeoutException("The upload had no answer in time."));
                    NoteUndecided(line);
                }
            }

            return [.. _undecided];
        }

        private void NoteUndecided(int line)
        {
            (string person, CreditPerson command) = _lines[line];
            _undecided.Add((person, command));
            _client._world.NoteUndecided(command.Id, () => _client.AskAsync(person, command));
        }
    }
}
