using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Simulation.Oracle;
using Gongji.Simulation.Running;

namespace Gongji.Simulation.Workload;

/// <summary>The operations that move money.</summary>
internal sealed partial class Client
{
    public Task TransferAsync()
    {
        string payer = _world.PickPerson(_prng);
        string payee = _prng.Chance(0.005) ? payer : _world.PickPerson(_prng);
        long amountFen = _world.Round(_prng.Chance(0.01) ? _prng.Between(190_000, 300_000L) : _prng.Chance(0.01) ? 150_000 : _prng.Between(1, 2_000L));
        CreateTransfer command = new(_world.NewId(), payer, payee, PickSource(payer, amountFen), amountFen, (Kinship)_prng.NextSkewed(6, 4));
        _world.Remember(_world.Transfers, command);
        return GiveAsync(command.Id, () => AskAsync(command));
    }

    public Task CreditAsync()
    {
        string person = _world.PickPerson(_prng);
        long amountFen = _world.Round(_prng.Chance(0.002) ? Limits.BalanceFenMax : _prng.Between(1, 20_000L));
        CreditPerson command = new(_world.NewId(), amountFen, "2026-03");
        _world.Remember(_world.Credits, (person, command));
        return GiveAsync(command.Id, () => AskAsync(person, command));
    }

    public Task AcceptAsync() => EndAsync(TransferAction.Accept);

    public Task RejectAsync() => EndAsync(TransferAction.Reject);

    public Task CancelAsync() => EndAsync(TransferAction.Cancel);

    /// <summary>Any person tries any action on any transfer, including one that ended long ago or never existed.</summary>
    public Task EndByAnyoneAsync()
    {
        if (_world.Transfers.Count == 0)
        {
            return Task.CompletedTask;
        }

        CreateTransfer transfer = _prng.Pick(_world.Transfers);
        string by = _prng.Pick<string>([transfer.Payee, transfer.Payer, _world.PickPerson(_prng)]);
        Guid id = _prng.Chance(0.1) ? _world.NewId() : transfer.Id;
        EndTransfer command = new(id, by, (TransferAction)_prng.Next(3));
        return GiveAsync(Guid.Empty, () => AskAsync(command, transfer.Payee));
    }

    /// <summary>Repeats a command with its id and content, as a client does that does not know it was done.</summary>
    public Task RepeatAsync()
    {
        if (_world.Transfers.Count > 0 && _prng.Chance(0.7))
        {
            CreateTransfer transfer = _prng.Pick(_world.Transfers);
            return GiveAsync(transfer.Id, () => AskAsync(transfer));
        }

        if (_world.Credits.Count == 0)
        {
            return Task.CompletedTask;
        }

        (string person, CreditPerson credit) = _prng.Pick(_world.Credits);
        return GiveAsync(credit.Id, () => AskAsync(person, credit));
    }

    /// <summary>Uses an id for something else.</summary>
    public Task MisuseIdAsync()
    {
        if (_world.Transfers.Count == 0 || _world.Credits.Count == 0)
        {
            return Task.CompletedTask;
        }

        CreateTransfer transfer = _prng.Pick(_world.Transfers);
        (string person, CreditPerson credit) = _prng.Pick(_world.Credits);
        switch (_prng.Next(5))
        {
            case 0:
                CreateTransfer more = transfer with { AmountFen = transfer.AmountFen + 1 };
                return GiveAsync(Guid.Empty, () => AskAsync(more));
            case 1:
                CreateTransfer other = transfer with { Payer = _world.PickPerson(_prng), Payee = _world.PickPerson(_prng) };
                return GiveAsync(Guid.Empty, () => AskAsync(other));
            case 2:
                CreateTransfer crossed = transfer with { Id = credit.Id };
                return GiveAsync(Guid.Empty, () => AskAsync(crossed));
            case 3:
                // A correction by 0 would be refused before it reaches any grain.
                CreditPerson larger = credit with { AmountFen = credit.AmountFen == -1 ? 1 : credit.AmountFen + 1 };
                return GiveAsync(Guid.Empty, () => AskAsync(person, larger));
            default:
                string somebody = _world.PickPerson(_prng);
                CreditPerson misused = _prng.Chance(0.5) ? credit : credit with { Id = transfer.Id };
                return GiveAsync(Guid.Empty, () => AskAsync(somebody, misused));
        }
    }

    /// <summary>Usually a pocket that has the money, as callers often know.</summary>
    private TransferSource PickSource(string payer, long amountFen)
    {
        bool fromWallet = _prng.Chance(0.5);
        if (_prng.Chance(0.9) && _oracle.Model.AccountOf(payer).Current is { IsRegistered: true } now)
        {
            fromWallet = now.WalletFen >= amountFen && (fromWallet || !now.IsEmployee || now.PersonalFen < amountFen);
        }

        return fromWallet ? TransferSource.Wallet : TransferSource.Personal;
    }

    private Task EndAsync(TransferAction action)
    {
        if (_world.Waiting.Count == 0)
        {
            return Task.CompletedTask;
        }

        int index = _prng.Next(_world.Waiting.Count);
        CreateTransfer transfer = _world.Waiting[index];
        if (_prng.Chance(0.9))
        {
            _world.Waiting[index] = _world.Waiting[^1];
            _world.Waiting.RemoveAt(_world.Waiting.Count - 1);
        }

        EndTransfer command = new(transfer.Id, action == TransferAction.Cancel ? transfer.Payer : transfer.Payee, action);
        return GiveAsync(Guid.Empty, () => AskAsync(command, transfer.Payee));
    }

    private Task<bool> AskAsync(CreateTransfer command)
    {
        Attempt attempt = _oracle.BeginTransfer(command);
        bool again = attempt.Record!.MayStillHappen;
        return CallAsync(attempt, _grains.GetTransfer(command.Id).CreateAsync(command), reply =>
        {
            _oracle.EndTransfer(attempt, command, reply);
            CountResolved(again, reply.Code, reply.IsReplay);
            if (reply.Value is { Status: TransferStatus.Held } && !reply.IsReplay)
            {
                _world.Remember(_world.Waiting, command);
            }
        });
    }

    private Task<bool> AskAsync(string person, CreditPerson command)
    {
        Attempt attempt = _oracle.BeginCredit(person, command);
        return CallAsync(attempt, PersonGrain(person).CreditAsync(command), JudgeOf(attempt, person, command));
    }

    private Action<Reply<CreditView>> JudgeOf(Attempt attempt, string person, CreditPerson command)
    {
        bool again = attempt.Record!.MayStillHappen;
        return reply =>
        {
            _oracle.EndCredit(attempt, person, command, reply);
            CountResolved(again, reply.Code, reply.IsReplay);
        };
    }

    private Task<bool> AskAsync(EndTransfer command, string payee)
    {
        Attempt attempt = _oracle.BeginEnd(command, payee);
        return CallAsync(attempt, _grains.GetTransfer(command.Id).EndAsync(command), reply => _oracle.EndEnding(attempt, command, reply));
    }

    private void CountResolved(bool wasUnknown, RefusalCode? code, bool isReplay)
    {
        if (wasUnknown && code is not (RefusalCode.LedgerUnavailable or RefusalCode.OutcomeUnknown))
        {
            _core.Coverage.Hit(isReplay ? CoveragePoint.UnknownResolvedDone : CoveragePoint.UnknownResolvedNotDone);
        }
    }
}
