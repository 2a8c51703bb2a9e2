using Gongji.Grains;
using Gongji.Grains.Messages;
using Gongji.Simulation.Oracle;

namespace Gongji.Simulation.Workload;

/// <summary>Relations, payments, contributions and refunds.</summary>
internal sealed partial class Client
{
    private static readonly PaymentSource[][] SourceOrders =
    [
        [PaymentSource.Relatives], [PaymentSource.Relatives, PaymentSource.Personal], [PaymentSource.Wallet, PaymentSource.Relatives], [PaymentSource.Wallet, PaymentSource.Personal],
    ];

    public Task RelateAsync() => RelateAsync(_world.PickPerson(_prng), _prng.Chance(0.005));

    public Task ConsentAsync()
    {
        if (_world.Relations.Count == 0)
        {
            return Task.CompletedTask;
        }

        (string giver, string recipient) = _prng.Chance(0.05) ? (_world.PickPerson(_prng), _world.PickPerson(_prng)) : _prng.Pick(_world.Relations);
        return giver == recipient ? Task.CompletedTask : ConsentAsync(giver, recipient);
    }

    public Task DissolveAsync()
    {
        if (_world.Relations.Count == 0)
        {
            return Task.CompletedTask;
        }

        (string giver, string recipient) = _prng.Pick(_world.Relations);
        return GiveAsync(Guid.Empty, () =>
        {
            Attempt attempt = _oracle.Begin(giver, recipient);
            return CallAsync(attempt, _grains.GetRelations().DissolveAsync(giver, recipient), reply => _oracle.EndRelation(attempt, giver, recipient, reply));
        });
    }

    public Task OrderRelativesAsync()
    {
        string person = PickRecipient();
        List<string> first = [.. _oracle.Model.AccountOf(person).Current.Family.Givers.Where(_ => _prng.Chance(0.7))];
        first.Reverse();
        if (_prng.Chance(0.03) && _world.PickPerson(_prng) is var stranger && !first.Contains(stranger))
        {
            first.Add(stranger);
        }

        string[] order = [.. first];
        return GiveAsync(Guid.Empty, () =>
        {
            Attempt attempt = _oracle.Begin(person);
            return CallAsync(attempt, PersonGrain(person).OrderRelativesAsync(new OrderRelatives(order)), reply => _oracle.EndOrder(attempt, person, order, reply));
        });
    }

    public Task PayAsync()
    {
        string payer = PickRecipient();
        string institution = _prng.Chance(0.3) ? "P32050000002" : "H32050000001";
        Pay command = new(
            _world.NewId(),
            payer,
            institution,
            institution[0] == 'P' ? PaymentPurpose.Pharmacy : PaymentPurpose.Hospital,
            payer,
            null,
            0,
            NextPaidFen(payer),
            NextSources(),
            _prng.Chance(0.2));
        return PayAsync(command);
    }

    public Task ContributeAsync()
    {
        (string giver, string recipient) = _world.Relations.Count == 0 ? (_world.PickPerson(_prng), _world.PickPerson(_prng)) : _prng.Pick(_world.Relations);
        string payer = _prng.Chance(0.6) ? giver : recipient;
        PaymentSource[]? sources = payer == recipient ? NextSources() : null;
        Pay command = new(
            _world.NewId(), payer, null, PaymentPurpose.Contribution, recipient, (Scheme)_prng.Between(1, 2), 2026 + _prng.Next(3), NextPaidFen(payer), sources, AllowCash: false);
        return PayAsync(command);
    }

    public Task RefundAsync()
    {
        if (_world.Payments.Count == 0)
        {
            return Task.CompletedTask;
        }

        Pay payment = _prng.Pick(_world.Payments);
        long fen = _prng.Chance(0.5) ? payment.AmountFen : _world.Round(_prng.Between(1, payment.AmountFen + 1));
        RefundPayment command = new(_world.NewId(), _prng.Chance(0.03) ? _world.NewId() : payment.Id, fen);
        _world.Remember(_world.Refunds, (payment.Payer, command));
        return GiveAsync(command.Id, () => AskAsync(payment.Payer, command));
    }

    public Task CorrectAsync()
    {
        if (_world.Credits.Count == 0)
        {
            return Task.CompletedTask;
        }

        (string person, CreditPerson credit) = _prng.Pick(_world.Credits);
        if (credit.Corrects is not null)
        {
            return Task.CompletedTask;
        }

        CreditPerson command = credit with { Id = _world.NewId(), AmountFen = _prng.Chance(0.7) ? -_world.Round(_prng.Between(1, credit.AmountFen + 1)) : _world.Round(_prng.Between(1, 500L)), Corrects = credit.Id };
        _world.Remember(_world.Credits, (person, command));
        return GiveAsync(command.Id, () => AskAsync(person, command));
    }

    public Task CloseWalletAsync()
    {
        string person = _world.PickPerson(_prng);
        return GiveAsync(Guid.Empty, () =>
        {
            Attempt attempt = _oracle.Begin(person);
            return CallAsync(attempt, PersonGrain(person).CloseWalletAsync(), reply => _oracle.EndChange(
                attempt, person, "close wallet", reply,
                version => !version.HasWallet,
                version => !version.IsRegistered ? RefusalCode.NoSuchPerson
                    : version.HasWallet && (version.WalletFen > 0 || version.OpenHolds > 0) ? RefusalCode.WrongState
                    : null));
        });
    }

    /// <summary>Repeats a payment or refund, or uses its id for something else.</summary>
    public Task RepeatPaymentAsync()
    {
        if (_world.Payments.Count == 0 || _world.Refunds.Count == 0)
        {
            return Task.CompletedTask;
        }

        Pay payment = _prng.Pick(_world.Payments);
        (string payer, RefundPayment refund) = _prng.Pick(_world.Refunds);
        switch (_prng.Next(6))
        {
            case 0:
                return GiveAsync(refund.Id, () => AskAsync(payer, refund));
            case 1:
                RefundPayment other = refund with { AmountFen = refund.AmountFen + 1 };
                return GiveAsync(Guid.Empty, () => AskAsync(payer, other));
            case 2:
                Pay more = payment with { AmountFen = payment.AmountFen + 1 };
                return GiveAsync(Guid.Empty, () => AskAsync(more));
            case 3:
                Pay crossed = payment with { Id = _prng.Chance(0.5) || _world.Transfers.Count == 0 ? refund.Id : _prng.Pick(_world.Transfers).Id };
                return GiveAsync(Guid.Empty, () => AskAsync(crossed));
            default:
                return GiveAsync(payment.Id, () => AskAsync(payment));
        }
    }

    public Task AskPaymentAsync()
    {
        Guid id = _world.Payments.Count == 0 || _prng.Chance(0.05) ? _world.NewId() : _prng.Pick(_world.Payments).Id;
        return GiveAsync(Guid.Empty, () => AskPaymentAsync(id));
    }

    /// <summary>Uses an id that entries show, usually of an attempt at a payment, as if it were a payment's.</summary>
    public Task MisuseShownIdAsync()
    {
        LedgerModel model = _oracle.Model;
        if (_world.Payments.Count == 0 || model.LaterAttempts.Count + _world.Refunds.Count == 0)
        {
            return Task.CompletedTask;
        }

        Pay payment = _prng.Pick(_world.Payments);
        Entry? entry = model.LaterAttempts.Count > 0 && (_world.Refunds.Count == 0 || _prng.Chance(0.9))
            ? _prng.Pick(model.LaterAttempts).Opening
            : model.RefundOf(_prng.Pick(_world.Refunds).Command.Id)?.Opening;
        if (entry is null)
        {
            return Task.CompletedTask;
        }

        Guid shown = entry.Operation;
        switch (_prng.Next(3))
        {
            case 0:
                return GiveAsync(Guid.Empty, () => AskPaymentAsync(shown));
            case 1:
                Pay misused = payment with { Id = shown };
                return GiveAsync(Guid.Empty, () => AskAsync(misused));
            default:
                RefundPayment command = new(_world.NewId(), shown, _world.Round(_prng.Between(1, 300L)));
                return GiveAsync(command.Id, () => AskAsync(entry.Account, command));
        }
    }

    /// <summary>Before the run: makes a typical relation.</summary>
    public async Task SettleRelationAsync(string giver)
    {
        await RelateAsync(giver, isOdd: false);
        foreach ((string from, string to) in _world.Relations.Where(relation => relation.Giver == giver).ToArray())
        {
            await ConsentAsync(from, to);
        }
    }

    private Task RelateAsync(string giver, bool isOdd)
    {
        bool isKnown = _world.Relations.Count > 0 && _prng.Chance(0.5);
        string recipient = isOdd ? giver : _world.PickPerson(_prng);
        (giver, recipient) = isKnown && !isOdd ? _prng.Pick(_world.Relations) : (giver, recipient);
        if (giver == recipient && !isOdd)
        {
            return Task.CompletedTask;
        }

        long? quotaFen = _prng.Chance(0.8) ? _prng.Chance(0.1) ? 0 : _world.Round(_prng.Between(1, 30_000L)) : null;
        PutRelation command = new(recipient, isKnown ? Kinship.Parent : (Kinship)_prng.NextSkewed(6, 4), quotaFen);
        _world.Remember(_world.Relations, (giver, recipient));
        return GiveAsync(Guid.Empty, () =>
        {
            Attempt attempt = _oracle.Begin(giver, recipient);
            return CallAsync(attempt, _grains.GetRelations().PutAsync(giver, command), reply => _oracle.EndRelation(attempt, giver, recipient, reply, command.Kinship));
        });
    }

    private Task ConsentAsync(string giver, string recipient) => GiveAsync(Guid.Empty, () =>
    {
        Attempt attempt = _oracle.BeginConsent(giver, recipient);
        return CallAsync(attempt, _grains.GetRelations().ConsentAsync(giver, recipient), reply => _oracle.EndRelation(attempt, giver, recipient, reply));
    });

    private Task PayAsync(Pay command)
    {
        _world.Remember(_world.Payments, command);
        return GiveAsync(command.Id, () => AskAsync(command));
    }

    /// <summary>Usually somebody whose relatives may pay.</summary>
    private string PickRecipient() => _world.Relations.Count > 0 && _prng.Chance(0.7) ? _prng.Pick(_world.Relations).Recipient : _world.PickPerson(_prng);

    /// <summary>An amount that is often more than the payer alone has.</summary>
    private long NextPaidFen(string payer)
    {
        ModelVersion now = _oracle.Model.AccountOf(payer).Current;
        return _world.Round(_prng.Chance(0.5) ? _prng.Between(1, 3_000L) : now.PersonalFen + now.WalletFen + _prng.Between(1, 6_000L));
    }

    private PaymentSource[]? NextSources() => _prng.Chance(0.5) ? null : _prng.Pick<PaymentSource[]>(SourceOrders);

    private Task<bool> AskAsync(Pay command)
    {
        Attempt attempt = _oracle.BeginPayment(command);
        bool again = attempt.Record!.MayStillHappen;
        return CallAsync(attempt, _grains.GetPayment(command.Id).PayAsync(command), reply =>
        {
            _oracle.EndPayment(attempt, command, reply);
            CountResolved(again, reply.Code, reply.IsReplay);
        });
    }

    private Task<bool> AskPaymentAsync(Guid id)
    {
        Attempt attempt = _oracle.Begin();
        return CallAsync(attempt, _grains.GetPayment(id).GetAsync(id), reply => _oracle.EndPaymentQuestion(attempt, id, reply));
    }

    private Task<bool> AskAsync(string payer, RefundPayment command)
    {
        Attempt attempt = _oracle.BeginRefund(command, payer);
        bool again = attempt.Record!.MayStillHappen;
        return CallAsync(attempt, _grains.GetPayment(command.Id).RefundAsync(command), reply =>
        {
            _oracle.EndRefund(attempt, command, payer, reply);
            CountResolved(again, reply.Code, reply.IsReplay);
        });
    }
}
