using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("MedGenCluster.Client.Tests")]
