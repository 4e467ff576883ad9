namespace Analytics.Features.Erasure;

/// <summary>
/// Whom an erasure takes, and from which facts: those that were there when it was asked for. Whoever is told of under one of the ids from
/// then on is somebody new, and no fact that comes later makes the work longer.
/// </summary>
/// <param name="People">The numbers of its people.</param>
/// <param name="Pseudonym">What it is called from now on.</param>
/// <param name="Names">What it was called by.</param>
/// <param name="AskedAt">The number of the last event before the erasure was asked for.</param>
/// <param name="Latest">None of the facts that were there then is of a later time.</param>
sealed record ErasedWhom(int[] People, Guid Pseudonym, ErasedNames Names, long AskedAt, DateTime Latest);
