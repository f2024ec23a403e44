using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("MedGenCluster.Client.Tests")]
[assembly: InternalsVisibleTo("MedGenCluster.Benchmarks")]
